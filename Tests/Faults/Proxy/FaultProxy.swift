import Foundation

/// A TCP proxy on loopback whose link can be made as bad as networks get, and good again, while connections are open.
///
/// `@unchecked Sendable` because everything that changes is only touched on its own serial queue.
final class FaultProxy: @unchecked Sendable {
    /// Where clients connect.
    let port: UInt16
    private let server: UInt16
    private let queue: DispatchQueue
    private let listener: any DispatchSourceRead
    private var condition = LinkCondition.good
    private var connections: [ObjectIdentifier: ProxiedConnection] = [:]

    /// - Parameters:
    ///   - port: the loopback port to listen on; 0 lets the system choose.
    ///   - server: the loopback port of the real server.
    init(port: UInt16, to server: UInt16) throws {
        let (descriptor, bound) = try LoopbackSocket.listening(on: port)
        self.port = bound
        self.server = server
        queue = DispatchQueue(label: "fault-proxy-\(bound)")
        listener = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        listener.setCancelHandler { close(descriptor) }
        listener.setEventHandler { [weak self] in self?.accept(descriptor) }
        listener.resume()
    }

    /// Changes the link for all its connections, open ones and new ones.
    func set(_ condition: LinkCondition) {
        queue.sync {
            self.condition = condition
            if condition.isReset {
                connections.values.forEach { $0.close(reset: true) }
            } else {
                connections.values.forEach { $0.pump() }
            }
        }
    }

    /// How many connections are open now.
    var connectionCount: Int { queue.sync { connections.count } }

    /// Ends every connection and accepts no more.
    func stop() {
        queue.sync {
            listener.cancel()
            connections.values.forEach { $0.close(reset: true) }
        }
    }

    private func accept(_ descriptor: Int32) {
        while let client = LoopbackSocket.accepted(at: descriptor) {
            let connection = ProxiedConnection(
                client: client, server: server, queue: queue, condition: { [weak self] in self?.condition ?? .good },
                ended: { [weak self] in self?.connections[ObjectIdentifier($0)] = nil })
            connections[ObjectIdentifier(connection)] = connection
            if condition.isReset { connection.close(reset: true) } else { connection.pump() }
        }
    }
}
