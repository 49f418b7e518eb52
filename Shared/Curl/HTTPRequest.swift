/// One HTTP request to a server outside the platform.
public struct HTTPRequest: Sendable {
    /// An upper-case token such as `POST`.
    public var method: String

    /// An absolute `http` or `https` URL without user information.
    public var url: String

    /// Sent as given. `Host`, `Content-Length`, `Transfer-Encoding` and `Connection` are the sender's own.
    public var headers: [(name: String, value: String)]

    /// Sent as given, with its length.
    public var body: [UInt8]

    /// How long the whole exchange may take, from the first name look-up to the last byte of the answer.
    public var timeout: Duration

    /// How much of the answer's body is kept; the rest is not read.
    public var maximumResponseBytes: Int

    /// A request with the usual limits: 15 seconds and 16 KiB of answer.
    public init(
        method: String,
        url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        timeout: Duration = .seconds(15),
        maximumResponseBytes: Int = 16 * 1024
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.maximumResponseBytes = maximumResponseBytes
    }
}
