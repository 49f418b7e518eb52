import Foundation

/// One end of a proxied connection.
///
/// `@unchecked Sendable` because it is only used on its proxy's serial queue.
final class ProxySocket: @unchecked Sendable {
    let descriptor: Int32
    private let source: any DispatchSourceRead
    private var isReading = false

    /// - Parameter readable: called on the queue when there is something to read, or the peer has ended.
    init(_ descriptor: Int32, queue: DispatchQueue, readable: @escaping @Sendable () -> Void) {
        self.descriptor = descriptor
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setEventHandler { readable() }
        // A descriptor that is closed while its source still watches it could be another's by then.
        source.setCancelHandler { Foundation.close(descriptor) }
    }

    enum Reading {
        case bytes([UInt8])
        case nothing
        case ended
        case failed
    }

    func read() -> Reading {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        if count > 0 { return .bytes(Array(buffer.prefix(count))) }
        if count == 0 { return .ended }
        return [EAGAIN, EINTR, ENOTCONN].contains(errno) ? .nothing : .failed
    }

    /// - Returns: how many bytes the system took; nil when the connection is broken.
    func write(_ bytes: ArraySlice<UInt8>) -> Int? {
        let count = bytes.withUnsafeBytes {
            send(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
        }
        if count >= 0 { return count }
        return [EAGAIN, EINTR, ENOTCONN].contains(errno) ? 0 : nil
    }

    /// Whether it is told of what arrives. Without that, the peer comes to wait.
    func setReading(_ wanted: Bool) {
        guard wanted != isReading else { return }
        isReading = wanted
        if wanted { source.resume() } else { source.suspend() }
    }

    func endWriting() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// - Parameter reset: the peer sees a reset instead of an orderly end.
    func close(reset: Bool) {
        if reset {
            var lingering = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
        }
        source.cancel()
        // A suspended source would never run its cancel handler.
        setReading(true)
    }
}
