import Foundation

/// One client's connection through a proxy.
///
/// `@unchecked Sendable` because it is only used on the proxy's serial queue.
final class ProxiedConnection: @unchecked Sendable {
    /// How long a full socket is left alone.
    private static let fullPause = DispatchTimeInterval.milliseconds(5)

    private let queue: DispatchQueue
    private let server: UInt16
    private let condition: () -> LinkCondition
    private let ended: (ProxiedConnection) -> Void
    private var sockets: [LinkDirection: ProxySocket] = [:]
    private var lines: [LinkDirection: DelayLine] = [:]
    private var hasEnded: Set<LinkDirection> = []
    private var isPumping: Set<LinkDirection> = []
    private var generator = SystemRandomNumberGenerator()
    private var isClosed = false

    /// - Parameters:
    ///   - client: the accepted socket.
    ///   - server: the loopback port of the real server.
    ///   - condition: what the link does now.
    ///   - ended: called once, when the connection is closed.
    init(
        client: Int32, server: UInt16, queue: DispatchQueue, condition: @escaping () -> LinkCondition,
        ended: @escaping (ProxiedConnection) -> Void
    ) {
        self.queue = queue
        self.server = server
        self.condition = condition
        self.ended = ended
        for direction in LinkDirection.allCases { lines[direction] = DelayLine(direction) }
        adopt(client, as: .toServer)
    }

    /// Makes a socket the sender of a direction.
    private func adopt(_ descriptor: Int32, as direction: LinkDirection) {
        sockets[direction] = ProxySocket(descriptor, queue: queue) { [weak self] in self?.receive(direction) }
        sockets[direction]?.setReading(true)
    }

    private func receive(_ direction: LinkDirection) {
        guard !isClosed, let socket = sockets[direction] else { return }
        switch socket.read() {
        case .nothing: return
        case .failed:
            // A peer that breaks off during a black hole is not heard of on the other side until the link is good.
            fallthrough
        case .ended:
            socket.setReading(false)
            lines[direction]?.end(at: .now, under: condition(), using: &generator)
        case .bytes(let bytes):
            lines[direction]?.push(bytes, at: .now, under: condition(), using: &generator)
            if lines[direction]?.isFull == true { socket.setReading(false) }
        }
        pump(direction)
    }

    /// Delivers what has arrived, and comes back when more is due.
    func pump() {
        LinkDirection.allCases.forEach(pump)
    }

    private func pump(_ direction: LinkDirection) {
        guard !isClosed else { return }
        let condition = condition()
        if direction == .toServer, sockets[.toClient] == nil, !condition.silent.contains(.toServer) { connect() }
        let receiver: LinkDirection = direction == .toServer ? .toClient : .toServer
        guard !isClosed, let socket = sockets[receiver] else { return }
        while let bytes = lines[direction]?.pop(at: .now, under: condition) {
            guard let count = socket.write(bytes) else { return close(reset: true) }
            guard count == bytes.count else {
                lines[direction]?.putBack(bytes.dropFirst(count), at: .now)
                return pumpLater(direction, at: .now() + Self.fullPause)
            }
        }
        guard let line = lines[direction] else { return }
        if line.hasEnded(at: .now, under: condition) {
            if hasEnded.insert(direction).inserted { socket.endWriting() }
            if hasEnded.count == LinkDirection.allCases.count { close(reset: false) }
            return
        }
        if !line.isFull, !hasStopped(direction) { sockets[direction]?.setReading(true) }
        if let due = line.nextDue(under: condition) {
            let pause = max(.zero, due - .now)
            pumpLater(direction, at: .now() + .nanoseconds(Int(pause / .nanoseconds(1)) + 1))
        }
    }

    /// Whether the sender of a direction has ended: there is nothing more to read.
    private func hasStopped(_ direction: LinkDirection) -> Bool {
        lines[direction]?.isEnding == true
    }

    private func pumpLater(_ direction: LinkDirection, at time: DispatchTime) {
        guard isPumping.insert(direction).inserted else { return }
        queue.asyncAfter(deadline: time) { [weak self] in
            self?.isPumping.remove(direction)
            self?.pump(direction)
        }
    }

    private func connect() {
        guard let descriptor = LoopbackSocket.connecting(to: server) else { return close(reset: true) }
        adopt(descriptor, as: .toClient)
    }

    /// - Parameter reset: both peers see a reset.
    func close(reset: Bool) {
        guard !isClosed else { return }
        isClosed = true
        for socket in sockets.values { socket.close(reset: reset) }
        ended(self)
    }
}
