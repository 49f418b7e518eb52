/// Why a mail was not sent.
public enum MailSendError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The relay's URL is not `smtp://` or `smtps://`.
    case invalidConfiguration(String)

    /// A field of the mail, such as `subject` or `to[1].email`, cannot be sent. Nothing was sent.
    case invalidField(String, reason: String)

    /// The relay refused the mail with this reply code (RFC 5321 section 4.2).
    case rejected(code: Int, reply: String)

    /// The relay did not accept the account or its password.
    case loginDenied(String)

    /// No connection, no TLS, or it broke before the relay took the mail.
    case connectionFailed(String)

    /// The relay did not answer in time; it may have taken the mail.
    case timedOut

    /// The awaiting task was cancelled; the relay may have taken the mail.
    case cancelled

    /// True when the same mail would fail again: a 5xx reply or an unusable field. 503 (RFC 5321, section 4.2.2: bad sequence
    /// of commands) speaks of the connection and not of the mail.
    public var isPermanent: Bool {
        switch self {
        case .invalidField: true
        case .rejected(let code, _): (500...599).contains(code) && code != 503
        case .invalidConfiguration, .loginDenied, .connectionFailed, .timedOut, .cancelled: false
        }
    }

    /// The reason in words. A relay's reply may name the recipient.
    public var description: String {
        switch self {
        case .invalidConfiguration(let reason): "invalid mail configuration: \(reason)"
        case .invalidField(let field, let reason): "mail field \(field) \(reason)"
        case .rejected(let code, let reply): "the relay refused with \(code): \(reply)"
        case .loginDenied(let reason): "the relay denied the login: \(reason)"
        case .connectionFailed(let reason): "connection to the relay failed: \(reason)"
        case .timedOut: "the relay timed out"
        case .cancelled: "cancelled"
        }
    }
}
