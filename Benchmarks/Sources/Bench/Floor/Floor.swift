import Foundation

/// What PostgreSQL alone can do on this machine: the bare inserts and updates of one sale as one transaction, by pgbench,
/// with the platform's server and its settings, while the platform is idle.
struct Floor {
    /// Sales per second of one way to make them.
    struct Rate {
        var clients: Int
        var perSecond: Double
    }

    /// All on one row of stock.
    var hot: Rate
    /// Over a hundred rows.
    var spread: Rate
    /// The same with all statements of a sale sent at once.
    var hotPipelined: Rate
    var spreadPipelined: Rate

    private static let database = "bench_floor"

    /// Finds the number of clients with which each way is fastest, and measures it.
    /// - Parameter seconds: how long each is measured.
    init(_ bench: Workbench, seconds: Int) throws {
        let exists = try bench.postgres.query(
            "postgres", "SELECT 1 FROM pg_database WHERE datname = '\(Self.database)';")
        if exists.isEmpty { try bench.postgres.query("postgres", "CREATE DATABASE \(Self.database);") }
        hot = try Self.peak(bench, "sale", rows: 1, clients: [1, 2, 4, 8], seconds)
        spread = try Self.peak(bench, "sale", rows: 100, clients: [8, 16, 32, 64], seconds)
        hotPipelined = try Self.peak(bench, "sale-pipelined", rows: 1, clients: [1, 2, 4, 8], seconds)
        spreadPipelined = try Self.peak(bench, "sale-pipelined", rows: 100, clients: [8, 16, 32, 64], seconds)
        // What the floor has left behind is not to be the platform's burden.
        try bench.postgres.query("postgres", "DROP DATABASE \(Self.database);")
        try bench.postgres.query("postgres", "CHECKPOINT;")
    }

    private static func peak(
        _ bench: Workbench, _ script: String, rows: Int, clients: [Int], _ seconds: Int
    ) throws -> Rate {
        let schema = try String(contentsOfFile: "\(bench.installation.floorFolder)/schema.sql", encoding: .utf8)
        try bench.postgres.query(database, "SET client_min_messages = warning;\n" + schema)
        let best = try PeakSearch(clients) { count in
            .init(clients: count, perSecond: try measure(bench, script, rows: rows, clients: count, seconds: 2))
        }.clients
        let rate = try measure(bench, script, rows: rows, clients: best, seconds: seconds)
        return Rate(clients: best, perSecond: rate)
    }

    private static func measure(
        _ bench: Workbench, _ script: String, rows: Int, clients: Int, seconds: Int
    ) throws -> Double {
        let output = try Program.start(
            "\(bench.installation.database.tools)/pgbench",
            bench.postgres.connection + [
                "--no-vacuum", "--protocol=prepared", "--client=\(clients)", "--jobs=1", "--time=\(seconds)",
                "--random-seed=\(bench.options.seed)", "--define=rows=\(rows)",
                "--file=\(bench.installation.floorFolder)/\(script).sql", database,
            ]
        ).finish()
        for line in output.split(separator: "\n") where line.hasPrefix("tps = ") {
            if let rate = Double(line.split(separator: " ")[2]) { return rate }
        }
        throw BenchError("pgbench says nothing of its rate: \(output)")
    }
}
