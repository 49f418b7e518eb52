import Glibc

/// A server of the outside world on loopback, inside of the generator: what takes mails and webhooks is not what is
/// measured, so it must cost next to nothing.
final class LocalServer: Poller.Listener {
    /// What is said over one connection.
    protocol Session: AnyObject {
        /// What is said first; nothing when the client begins.
        var greeting: [UInt8] { get }

        /// Takes what has come.
        /// - Returns: what is to be answered.
        func take(_ bytes: ArraySlice<UInt8>) -> [UInt8]
    }

    private final class Visitor: Poller.Listener {
        let socket: Int32
        let session: any Session
        unowned let server: LocalServer

        init(_ socket: Int32, _ session: any Session, _ server: LocalServer) {
            self.socket = socket
            self.session = session
            self.server = server
        }

        func socketIsReady(readable: Bool, writable: Bool) { if readable { server.read(self) } }
    }

    private let poller: Poller
    private let socket: Int32
    /// Where it listens.
    let port: UInt16
    private let makeSession: () -> any Session
    private var visitors: [Int32: Visitor] = [:]
    private var room = [UInt8](repeating: 0, count: 65_536)

    /// - Parameter port: 0 for any free one.
    init(_ poller: Poller, port: UInt16 = 0, _ makeSession: @escaping () -> any Session) throws {
        self.poller = poller
        self.makeSession = makeSession
        (socket, self.port) = try Socket.listen(port: port)
        try poller.add(socket, self, writing: false)
    }

    func socketIsReady(readable: Bool, writable: Bool) {
        while let socket = Socket.accept(socket) {
            let visitor = Visitor(socket, makeSession(), self)
            visitors[socket] = visitor
            // One that cannot be watched is a failed delivery, which the platform repeats.
            do { try poller.add(socket, visitor, writing: false) } catch { end(visitor) }
            answer(visitor, visitor.session.greeting)
        }
    }

    private func read(_ visitor: Visitor) {
        let count = recv(visitor.socket, &room, room.count, 0)
        guard count > 0 else {
            if count < 0, errno == EAGAIN { return }
            return end(visitor)
        }
        answer(visitor, visitor.session.take(room[..<count]))
    }

    private func answer(_ visitor: Visitor, _ bytes: [UInt8]) {
        // So few bytes always fit into the socket's buffer.
        if !bytes.isEmpty { _ = send(visitor.socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }
    }

    private func end(_ visitor: Visitor) {
        poller.remove(visitor.socket)
        close(visitor.socket)
        visitors[visitor.socket] = nil
    }
}
