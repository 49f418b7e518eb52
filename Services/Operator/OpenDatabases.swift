import Postgres

/// Clients of the databases that a command reads.
struct OpenDatabases: Sendable {
    private let clients: [OperatorEnvironment.Database: PostgresClient]

    init(_ clients: [OperatorEnvironment.Database: PostgresClient]) {
        self.clients = clients
    }

    /// - Throws: ``OperatorError`` when the command was not given that database.
    func client(_ database: OperatorEnvironment.Database) throws -> PostgresClient {
        guard let client = clients[database] else {
            throw OperatorError("the database \(database.rawValue) is not open")
        }
        return client
    }

    func close() async {
        for client in clients.values { await client.close() }
    }
}
