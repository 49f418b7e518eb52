/// Requests as bytes.
enum HTTPRequest {
    /// A whole request.
    /// - Parameters: the header lines without line ends, `Host` and the length left out.
    static func bytes(_ method: String, _ path: String, headers: [String], body: [UInt8]? = nil) -> [UInt8] {
        var text = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        for header in headers { text += header + "\r\n" }
        if let body { text += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n" }
        return Array((text + "\r\n").utf8) + (body ?? [])
    }
}
