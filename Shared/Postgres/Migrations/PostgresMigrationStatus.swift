import Foundation

/// How one migration stands in a database.
public struct PostgresMigrationStatus: Sendable, Equatable {
    public enum State: Sendable, Equatable {
        case pending
        case applied(at: Date)
        /// Applied, but the program's file is not the one that was.
        case changed(appliedAt: Date)
        /// Applied, but the program does not have it.
        case unknown(appliedAt: Date)
    }

    public let name: String
    public let state: State

    public init(name: String, state: State) {
        self.name = name
        self.state = state
    }
}
