/// What can be wrong with a message before any handler sees it.
public enum MessagingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// No handler of this service takes messages of this name.
    case unknownMessage(String)
    /// The AMQP properties or headers lack something or are malformed; the text names it.
    case malformedEnvelope(String)
    /// The body is not the JSON of the named message.
    case malformedBody(name: String, reason: String)
    /// A message that belongs to a tenant names none.
    case missingOrganization(String)
    /// A handler returned another number of results than it was given messages.
    case resultCountMismatch(handler: String, expected: Int, actual: Int)

    public var description: String {
        switch self {
        case .unknownMessage(let name): "no handler takes messages named \(name)"
        case .malformedEnvelope(let reason): "malformed envelope: \(reason)"
        case .malformedBody(let name, let reason): "the body is not a valid \(name): \(reason)"
        case .missingOrganization(let name): "a message named \(name) must carry the header organization-id"
        case .resultCountMismatch(let handler, let expected, let actual):
            "\(handler) returned \(actual) results for \(expected) messages"
        }
    }

    /// Whether the message can never be handled, however often it is tried.
    public var isPermanent: Bool {
        switch self {
        case .unknownMessage, .malformedEnvelope, .malformedBody, .missingOrganization: true
        case .resultCountMismatch: false
        }
    }
}
