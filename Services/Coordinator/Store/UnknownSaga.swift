import Foundation

/// A message about a saga that its organisation does not have. It can only be a foreign or a damaged message, since a saga
/// is stored before anybody hears of it.
struct UnknownSaga: Error, Equatable, CustomStringConvertible {
    let kind: SagaKind
    let key: SagaKey

    var description: String {
        "there is no \(kind.rawValue) \(key.id.uuidString.lowercased()) in the message's organisation"
    }
}
