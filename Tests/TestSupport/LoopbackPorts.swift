import Foundation
import Synchronization

/// TCP ports of the loopback interface that nothing listens on.
enum LoopbackPorts {
    private static let taken = Mutex<Set<UInt16>>([])

    /// Picks free ports at random, and never the same one twice in a process.
    static func free(_ count: Int, from range: ClosedRange<UInt16>) throws -> [UInt16] {
        var ports: [UInt16] = []
        for candidate in range.shuffled() where ports.count < count {
            let isNew = taken.withLock { $0.insert(candidate).inserted }
            if isNew, isFree(candidate) {
                ports.append(candidate)
            }
        }
        guard ports.count == count else {
            throw PrivateBrokerError("fewer than \(count) ports are free in \(range)")
        }
        return ports
    }

    /// Whether a socket can be bound to the port.
    private static func isFree(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else {
            return false
        }
        defer { close(descriptor) }
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return result == 0
    }
}
