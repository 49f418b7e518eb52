import Foundation

/// Who runs now, for `deploy/down` after a killed supervisor and for tests that kill a service.
struct SupervisionState: Codable, Sendable, Equatable {
    struct Process: Codable, Sendable, Equatable {
        var name: String
        var pid: Int32
        /// How often it was started again.
        var restarts: Int
    }

    var processes: [Process]

    static func read(_ path: String) throws -> SupervisionState {
        try JSONDecoder().decode(SupervisionState.self, from: Data(contentsOf: URL(filePath: path)))
    }

    /// Replaces the file as a whole: a reader never sees half of it.
    func write(_ path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(self).write(to: URL(filePath: path), options: .atomic)
    }
}
