import Glibc

/// TCP over loopback, never blocking.
enum Socket {
    /// Begins to connect to 127.0.0.1.
    static func connect(port: UInt16) throws -> Int32 {
        let socket = try make()
        var address = loopback(port)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 || errno == EINPROGRESS else {
            let error = BenchError.system("connect to port \(port)")
            close(socket)
            throw error
        }
        return socket
    }

    /// Listens on 127.0.0.1.
    /// - Parameter port: 0 for any free one.
    static func listen(port: UInt16) throws -> (socket: Int32, port: UInt16) {
        let socket = try make()
        var on: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = loopback(port)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && Glibc.listen(socket, 1024) == 0
                    && getsockname(socket, $0, &length) == 0
            }
        }
        guard bound else { throw BenchError.system("listen on port \(port)") }
        return (socket, UInt16(bigEndian: address.sin_port))
    }

    /// - Returns: nil when nobody is waiting.
    static func accept(_ listening: Int32) -> Int32? {
        let socket = Glibc.accept(listening, nil, nil)
        guard socket >= 0 else { return nil }
        _ = fcntl(socket, F_SETFL, O_NONBLOCK)
        _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        sendAtOnce(socket)
        return socket
    }

    private static func make() throws -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let socket = socket(AF_INET, kind, 0)
        guard socket >= 0 else { throw BenchError.system("socket") }
        sendAtOnce(socket)
        return socket
    }

    private static func sendAtOnce(_ socket: Int32) {
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
