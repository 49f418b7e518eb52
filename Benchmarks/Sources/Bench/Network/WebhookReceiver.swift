import Glibc

/// An organisation's own system: takes every webhook, answers 204, and counts.
final class WebhookReceiver: Poller.Listener {
    private final class Visitor: Poller.Listener {
        let socket: Int32
        var received: [UInt8] = []
        unowned let receiver: WebhookReceiver

        init(_ socket: Int32, _ receiver: WebhookReceiver) {
            self.socket = socket
            self.receiver = receiver
        }

        func socketIsReady(readable: Bool, writable: Bool) { if readable { receiver.read(self) } }
    }

    private static let answer = Array("HTTP/1.1 204 No Content\r\n\r\n".utf8)

    private let poller: Poller
    private let socket: Int32
    /// Where it listens.
    let port: UInt16
    private var visitors: [Int32: Visitor] = [:]
    private var room = [UInt8](repeating: 0, count: 65_536)

    /// How many webhooks have come, repetitions included.
    private(set) var count = 0
    /// When the latest one came, in nanoseconds of ``MonotonicClock``.
    private(set) var latest: UInt64 = 0

    init(_ poller: Poller) throws {
        self.poller = poller
        (socket, port) = try Socket.listen()
        try poller.add(socket, self, writing: false)
    }

    func socketIsReady(readable: Bool, writable: Bool) {
        while let socket = Socket.accept(socket) {
            let visitor = Visitor(socket, self)
            visitors[socket] = visitor
            // One that cannot be watched is a failed webhook, which the platform repeats.
            do { try poller.add(socket, visitor, writing: false) } catch { end(visitor) }
        }
    }

    private func read(_ visitor: Visitor) {
        let count = recv(visitor.socket, &room, room.count, 0)
        guard count > 0 else {
            if count < 0, errno == EAGAIN { return }
            return end(visitor)
        }
        visitor.received += room[..<count]
        while let head = try? visitor.received.withUnsafeBytes({ try ReplyHead($0) }),
            visitor.received.count >= head.length + head.bodyLength
        {
            visitor.received.removeFirst(head.length + head.bodyLength)
            self.count += 1
            latest = MonotonicClock.now
            // So few bytes always fit into the socket's buffer.
            _ = send(visitor.socket, Self.answer, Self.answer.count, Int32(MSG_NOSIGNAL))
        }
    }

    private func end(_ visitor: Visitor) {
        poller.remove(visitor.socket)
        close(visitor.socket)
        visitors[visitor.socket] = nil
    }
}
