import Glibc

/// A client's connection with one request under way at a time, kept alive between them.
final class HTTPConnection: Poller.Listener {
    /// What became of a request.
    enum Ending {
        case answered(Reply)
        /// The connection ended first.
        case broken(String)
    }

    private let poller: Poller
    private let port: UInt16
    private let onEnding: (HTTPConnection, Ending) -> Void
    private var socket: Int32 = -1
    /// The request that is under way, or the last one.
    private(set) var outgoing: [UInt8] = []
    private var sent = 0
    private var incoming: [UInt8]
    private var received = 0
    private var head: ReplyHead?
    private var isWaiting = false
    private var watchesWriting = false

    /// What the owner of the connection remembers about the request that is under way.
    var tag = 0
    /// When that request was meant to begin, in nanoseconds of ``MonotonicClock``.
    var intendedStart: UInt64 = 0
    /// When the first try of that request was meant to begin, and how many there have been.
    var firstStart: UInt64 = 0
    var tries = 0

    /// - Parameter onEnding: called once for each request.
    init(_ poller: Poller, port: UInt16, onEnding: @escaping (HTTPConnection, Ending) -> Void) {
        self.poller = poller
        self.port = port
        self.onEnding = onEnding
        incoming = [UInt8](repeating: 0, count: 8192)
    }

    deinit { if socket >= 0 { Glibc.close(socket) } }

    /// Sends a whole request, over a new connection if there is none.
    func send(_ request: [UInt8]) {
        outgoing = request
        sent = 0
        received = 0
        head = nil
        isWaiting = true
        if socket < 0 {
            open()
        } else {
            write()
        }
    }

    func close() {
        guard socket >= 0 else { return }
        poller.remove(socket)
        Glibc.close(socket)
        socket = -1
        watchesWriting = false
    }

    func socketIsReady(readable: Bool, writable: Bool) {
        if writable { write() }
        if readable { read() }
    }

    private func open() {
        do {
            socket = try Socket.connect(port: port)
            watchesWriting = true
            try poller.add(socket, self, writing: true)
        } catch {
            end(.broken("\(error)"))
        }
    }

    private func write() {
        guard socket >= 0 else { return }
        while sent < outgoing.count {
            let count = outgoing.withUnsafeBytes {
                let rest = UnsafeRawBufferPointer(rebasing: $0[sent...])
                return Glibc.send(socket, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else {
                if errno == EAGAIN || errno == EINTR { return watchWriting(true) }
                return fail("sending")
            }
            sent += count
        }
        watchWriting(false)
    }

    private func watchWriting(_ writing: Bool) {
        guard writing != watchesWriting else { return }
        watchesWriting = writing
        do { try poller.change(socket, writing: writing) } catch { end(.broken("\(error)")) }
    }

    private func read() {
        guard socket >= 0 else { return }
        if received == incoming.count { incoming.append(contentsOf: repeatElement(0, count: incoming.count)) }
        let count = incoming.withUnsafeMutableBytes {
            let room = UnsafeMutableRawBufferPointer(rebasing: $0[received...])
            return recv(socket, room.baseAddress, room.count, 0)
        }
        guard count > 0 else {
            if count < 0, errno == EAGAIN || errno == EINTR { return }
            return fail("receiving")
        }
        received += count
        do { try digest() } catch { end(.broken("\(error)")) }
    }

    /// Looks whether the answer is complete.
    private func digest() throws {
        if head == nil {
            head = try incoming.withUnsafeBytes { try ReplyHead(UnsafeRawBufferPointer(rebasing: $0[..<received])) }
        }
        guard let head else { return }
        let length = head.length + head.bodyLength
        guard received >= length else {
            if incoming.count < length { incoming.append(contentsOf: repeatElement(0, count: length - incoming.count)) }
            return
        }
        guard isWaiting else { return close() }
        isWaiting = false
        if head.closes { close() }
        // The owner may send the next request at once, which does not touch these bytes before it returns.
        let body = incoming
        body.withUnsafeBytes {
            let bytes = UnsafeRawBufferPointer(rebasing: $0[head.length..<length])
            onEnding(self, .answered(Reply(status: head.status, body: bytes, retryAfter: head.retryAfter)))
        }
    }

    private func fail(_ what: String) {
        end(.broken("\(what): \(String(cString: strerror(errno)))"))
    }

    private func end(_ ending: Ending) {
        close()
        guard isWaiting else { return }
        isWaiting = false
        onEnding(self, ending)
    }
}
