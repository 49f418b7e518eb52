import Contracts
import Foundation

/// A saga as the operator sees it.
struct SagaRecord: Sendable, Equatable, CustomStringConvertible {
    let kind: SagaKind
    let id: UUID
    let organizationID: UUID
    let state: String
    let updatedAt: Timestamp

    var description: String {
        "\(id.text)  \(kind.rawValue)  \(state)  \(updatedAt)  organisation \(organizationID.text)"
    }
}
