import Foundation

extension UUID {
    /// As the database, the API and the logs write it.
    var text: String { uuidString.lowercased() }
}
