/// Why a ticket key could not be made. Carries no key material.
public enum TicketKeyError: Error, Equatable, CustomStringConvertible {
    /// The master secret has fewer than the given number of bytes.
    case secretTooShort(minimumBytes: Int)

    /// The bytes are not an Ed25519 key.
    case unusableKey

    /// The reason in words.
    public var description: String {
        switch self {
        case .secretTooShort(let minimumBytes): "the ticket signing secret has fewer than \(minimumBytes) bytes"
        case .unusableKey: "the bytes are not an Ed25519 key"
        }
    }
}
