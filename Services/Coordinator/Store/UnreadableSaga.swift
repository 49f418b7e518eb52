import Foundation

/// A stored saga that this version of the service cannot read: the row was written by a newer one, or damaged. Its
/// messages fail and are kept; other sagas are not held up.
struct UnreadableSaga: Error, Equatable, CustomStringConvertible {
    let kind: SagaKind
    let key: SagaKey

    var description: String {
        "the stored form of the \(kind.rawValue) \(key.id.uuidString.lowercased()) cannot be read"
    }
}
