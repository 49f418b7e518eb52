import Foundation

/// `voelgoed fsck`, and what it does not look at from outside: tickets that were sold beyond the places.
struct ConsistencyCheck {
    let isClean: Bool
    let lines: [String]
    /// Tickets beyond the places, over all occurrences.
    let oversold: Int
    let seconds: Double

    init(_ bench: Workbench) throws {
        let environment = try String(contentsOfFile: bench.installation.operatorEnvironment, encoding: .utf8)
            .split(separator: "\n").reduce(into: [String: String]()) { pairs, line in
                guard !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") else { return }
                pairs[String(line[..<equals])] = String(line[line.index(after: equals)...])
            }
        let begin = MonotonicClock.now
        let ended = try Program.start(
            bench.installation.operatorTool, ["fsck", "--quiet", "--grace", "0"], environment: environment
        ).end()
        seconds = MonotonicClock.seconds(from: begin, to: MonotonicClock.now)
        isClean = ended.status == 0
        lines = ended.output.split(separator: "\n").map(String.init)
        // Counted by the tickets themselves, not by the counter that is meant to prevent it.
        let rows = try bench.postgres.query(
            "voelgoed_ticketing",
            """
            SELECT coalesce(sum(greatest(0, sold.count - pool.capacity)), 0)
            FROM inventory_pools AS pool
            JOIN (
                SELECT event_occurrence_id, ticket_type_id, count(*) AS count FROM tickets
                WHERE status IN ('confirmed', 'checked_in') GROUP BY 1, 2
            ) AS sold ON sold.event_occurrence_id = pool.occurrence_id AND sold.ticket_type_id = pool.ticket_type_id;
            """)
        oversold = Int(Double(rows[0][0]) ?? 0)
    }
}
