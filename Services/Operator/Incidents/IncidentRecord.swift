import Contracts
import Foundation

/// An incident as the operator sees it.
struct IncidentRecord: Sendable, Equatable, CustomStringConvertible {
    let id: UUID
    let organizationID: UUID
    /// The kind of the saga, as the Coordinator calls it.
    let saga: String
    let sagaID: UUID
    let kind: String
    /// One sentence for the operator.
    let detail: String
    let raisedAt: Timestamp
    /// Nil while it is open.
    let resolvedAt: Timestamp?
    /// What the operator has done about it; nil when the saga moved on by itself.
    let resolution: String?

    var description: String {
        let end = resolvedAt.map { "resolved \($0): \(resolution ?? "the saga moved on by itself")" } ?? "open"
        return """
            \(id.text)  \(kind)  since \(raisedAt)  \(end)
              \(saga) \(sagaID.text), organisation \(organizationID.text)
              \(detail)
            """
    }
}
