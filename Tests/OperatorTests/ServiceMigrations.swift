import Foundation
import Messaging
import Postgres

/// The migrations that each service brings, read from its folder: the schemas that the checks have to fit.
enum ServiceMigrations {
    private static let services = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Services")

    /// The service's own, in the order of their names, after the runtime's tables.
    static func of(_ service: String) throws -> [PostgresMigration] {
        [MessagingSchema.migration] + (try read(service) { !$0.hasPrefix("sandbox_") })
    }

    /// Those of the sandbox provider's book, which has a database of its own.
    static func ofSandbox() throws -> [PostgresMigration] {
        try read("payments") { $0.hasPrefix("sandbox_") }
    }

    private static func read(_ service: String, _ isWanted: (String) -> Bool) throws -> [PostgresMigration] {
        let folder = services.appending(path: "\(service.capitalized)/Migrations")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().filter(isWanted).map { file in
            PostgresMigration(
                name: file.replacing("sandbox_", with: "").replacing(".sql", with: ""),
                sql: try String(contentsOf: folder.appending(path: file), encoding: .utf8))
        }
    }
}
