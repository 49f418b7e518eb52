/// Why a request got no answer.
public enum HTTPSendError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The request itself is unusable; says what is wrong with it. Nothing was sent.
    case invalidRequest(String)

    /// The URL leads to an address or port that the ``AddressPolicy`` denies. Nothing was sent.
    case addressDenied

    /// The host name has no address, or its name servers do not answer.
    case nameNotResolved

    /// No connection, or it broke before the answer was complete.
    case connectionFailed(String)

    /// The server's certificate is not valid for its name, or there is no common TLS version.
    case tlsFailed(String)

    /// The server did not finish its answer in time; it may have acted on the request.
    case timedOut

    /// What came back is not HTTP/1.1.
    case invalidResponse(String)

    /// The awaiting task was cancelled; the request may have been sent.
    case cancelled

    /// Whether the same request may succeed later.
    public var isRetriable: Bool {
        switch self {
        case .invalidRequest, .addressDenied: false
        case .nameNotResolved, .connectionFailed, .tlsFailed, .timedOut, .invalidResponse, .cancelled: true
        }
    }

    /// The reason in words, fit for a delivery log.
    public var description: String {
        switch self {
        case .invalidRequest(let reason): "invalid request: \(reason)"
        case .addressDenied: "the address is not allowed"
        case .nameNotResolved: "the host name does not resolve"
        case .connectionFailed(let reason): "connection failed: \(reason)"
        case .tlsFailed(let reason): "TLS failed: \(reason)"
        case .timedOut: "timed out"
        case .invalidResponse(let reason): "invalid response: \(reason)"
        case .cancelled: "cancelled"
        }
    }
}
