// SPDX-License-Identifier: BSD-2-Clause
//
// Somebody at MeshCentral's web page, without the page: takes hold of the only
// machine that the server knows, and says "connected" when its agent has
// answered. A desktop's pointer is moved to and fro, lines from stdin are typed
// into a terminal, whose output goes to stdout.
// Usage: mesh_viewer.js SERVER USER PASSWORD desktop|terminal

'use strict'

const WebSocket = require('ws')
const [server, user, password, what] = process.argv.slice(2)
const protocol = what === 'desktop' ? 2 : 1
const lax = { rejectUnauthorized: false, checkServerIdentity: () => undefined }
const tunnel_id = Math.random().toString(36).substring(2)
let node = null

function fail(why) {
	console.error('mesh_viewer: ' + why)
	process.exit(1)
}

function base64(s) {
	return Buffer.from(s).toString('base64')
}

function steer(tunnel) {
	let x = 100

	// JPEG, half quality, full size, ten pictures a second; go on; all of it.
	tunnel.send(Buffer.from([0, 5, 0, 10, 1, 50, 4, 0, 0, 100]))
	tunnel.send(Buffer.from([0, 8, 0, 5, 0]))
	tunnel.send(Buffer.from([0, 6, 0, 4]))
	setInterval(() => {
		x = x === 100 ? 300 : 100
		tunnel.send(Buffer.from([0, 2, 0, 10, 0, 0, x >> 8, x & 255, 0, 90]))
	}, 200)
}

function use(tunnel) {
	console.log('connected')
	if (what === 'desktop')
		return steer(tunnel)
	process.stdin.on('data', (data) => tunnel.send(Buffer.from(data)))
}

function open_tunnel(cookie) {
	const tunnel = new WebSocket(server + '/meshrelay.ashx?browser=1&p=' +
	    protocol + '&nodeid=' + encodeURIComponent(node) + '&id=' + tunnel_id +
	    '&auth=' + cookie, lax)
	let open = false

	tunnel.on('error', (e) => fail(e))
	tunnel.on('close', () => fail('the tunnel is closed'))
	tunnel.on('message', (raw) => {
		const text = raw.toString()

		if (!open && (text === 'c' || text === 'cr')) {
			open = true
			tunnel.send(String(protocol))
			use(tunnel)
		} else if (open && what === 'terminal' &&
		    !text.startsWith('{"ctrlChannel"')) {
			process.stdout.write(text)
		}
	})
}

const control = new WebSocket(server + '/control.ashx', Object.assign({
	headers: { 'x-meshauth': base64(user) + ',' + base64(password) }
}, lax))

control.on('error', (e) => fail(e))
control.on('close', () => fail('the server has hung up'))
control.on('open', () => control.send(JSON.stringify({ action: 'nodes' })))
control.on('message', (raw) => {
	const m = JSON.parse(raw.toString())

	if (m.action === 'nodes') {
		node = Object.values(m.nodes).flat().map((n) => n._id)[0]
		if (node === undefined)
			fail('no machine is known')
		control.send(JSON.stringify({ action: 'authcookie' }))
	} else if (m.action === 'authcookie') {
		control.send(JSON.stringify({ action: 'msg', nodeid: node,
			type: 'tunnel', usage: 1, value: '*/meshrelay.ashx?p=' +
			    protocol + '&nodeid=' + node + '&id=' + tunnel_id +
			    '&rauth=' + m.rcookie, responseid: 'viewer' }))
		open_tunnel(m.cookie)
	}
})
