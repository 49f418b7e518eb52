/// The answer of a server outside the platform. Redirects are answers like any other: they are not followed.
public struct HTTPResponse: Sendable {
    /// The status code, 100 to 599 from a sane server.
    public let status: Int

    /// In the order received; names as the server spelled them.
    public let headers: [(name: String, value: String)]

    /// At most ``HTTPRequest/maximumResponseBytes`` bytes, as sent: nothing is decompressed.
    public let body: [UInt8]

    /// True when the server had more to say than was kept.
    public let isTruncated: Bool

    /// How long the exchange took.
    public let duration: Duration

    /// The value of the first header of that name, whose case does not matter.
    public func header(_ name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name.lowercased() == name }?.value
    }
}
