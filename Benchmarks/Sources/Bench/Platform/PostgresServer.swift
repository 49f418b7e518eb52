/// The installation's PostgreSQL, asked through its own tools.
struct PostgresServer {
    let database: Installation.Database

    /// What the server has done since it was started.
    struct Counters {
        /// Transactions by service.
        var transactions: [String: Double] = [:]
        /// Rows that were inserted, updated and deleted, by service.
        var inserted: [String: Double] = [:]
        var updated: [String: Double] = [:]
        var deleted: [String: Double] = [:]
        /// Updates that touched no index.
        var updatedInPlace: [String: Double] = [:]
        var walBytes = 0.0
        /// How often the log was written through to the disk.
        var walSyncs = 0.0
    }

    /// Runs statements.
    /// - Returns: the rows, with their columns.
    @discardableResult
    func query(_ name: String, _ statements: String) throws -> [[String]] {
        let output = try start(name, statements).finish()
        return output.split(separator: "\n").map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// Begins to run statements, for several to run at the same time.
    func start(_ name: String, _ statements: String) throws -> Program.Running {
        try Program.start("\(database.tools)/psql", arguments(name), input: statements)
    }

    private func arguments(_ name: String) -> [String] {
        connection + [
            "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator=\t", "--set=ON_ERROR_STOP=1",
            "--dbname=\(name)", "--file=-",
        ]
    }

    /// How the server's tools reach it.
    var connection: [String] {
        ["--host=\(database.socket)", "--port=\(database.port)", "--username=postgres"]
    }

    func counters() throws -> Counters {
        var counters = Counters()
        for row in try query(
            "postgres",
            """
            SELECT substr(datname, 10), xact_commit + xact_rollback, tup_inserted, tup_updated, tup_deleted
            FROM pg_stat_database WHERE datname LIKE 'voelgoed\\_%';
            """)
        {
            counters.transactions[row[0]] = Double(row[1])
            counters.inserted[row[0]] = Double(row[2])
            counters.updated[row[0]] = Double(row[3])
            counters.deleted[row[0]] = Double(row[4])
        }
        let wal = try query("postgres", "SELECT wal_bytes, wal_sync FROM pg_stat_wal;")
        counters.walBytes = Double(wal[0][0]) ?? 0
        counters.walSyncs = Double(wal[0][1]) ?? 0
        for service in Installation.services {
            let row = try query(
                "voelgoed_\(service)", "SELECT coalesce(sum(n_tup_hot_upd), 0) FROM pg_stat_user_tables;")
            counters.updatedInPlace[service] = Double(row[0][0])
        }
        return counters
    }

    /// Messages that are still to be sent and outside work that is still to be done, by service.
    func unfinished(_ services: [String]) throws -> Int {
        try services.reduce(0) { sum, service in
            let row = try query(
                "voelgoed_\(service)",
                "SELECT (SELECT count(*) FROM jobs) + (SELECT count(*) FROM outbox);")
            return sum + (Int(row[0][0]) ?? 0)
        }
    }
}
