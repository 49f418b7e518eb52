import Foundation

/// A hundred occurrences, sold with as many Ticketing processes as this platform has. One run of several, each with a
/// fresh platform; the last one puts them side by side.
struct ScaleScenario {
    /// What the time to sell is reckoned for.
    private static let tickets = 5_000_000.0

    /// What a run with so many processes has found.
    private struct Step {
        var processes: Double
        var orders: Double
        var tickets: Double
        var ticketsWithDrain: Double
        var perOrder: Double

        static let names = [
            "Ticketing processes", "orders confirmed", "tickets sold", "tickets with drain", "CPU per order",
        ]

        init(_ figures: [String: Double]) {
            let values = Self.names.map { figures[$0] ?? .nan }
            (processes, orders, tickets, ticketsWithDrain, perOrder) = (
                values[0], values[1], values[2], values[3], values[4]
            )
        }
    }

    private let bench: Workbench

    init(_ bench: Workbench) {
        self.bench = bench
    }

    func run() throws -> Report {
        var report = Report("scale", bench)
        let processes = bench.processes.entries.count { ProcessTable.service($0.name) == "ticketing" }
        bench.say("selling a hundred occurrences with \(processes) Ticketing processes")
        let sales = try SpreadScenario.open(bench)
        let sale = try Sale(bench) { bench.closedLoop(Checkouts(sales, seed: bench.nextSeed())) }
        report.add("Ticketing processes", Double(processes), "")
        report.addPeak(sale, PeakSearch(only: bench.clients), targetTickets: nil)
        report.add("tickets with drain", Double(sale.load.total.tickets) / sale.secondsWithDrain, "/s")
        sale.cost.write(to: &report, idle: bench.memoryIdle)
        report.failures += sale.failures
        try compare(&report)
        try report.check(bench)
        return report
    }

    private func compare(_ report: inout Report) throws {
        let own = Dictionary(report.figures.map { ($0.name, $0.value) }) { first, _ in first }
        let steps = try bench.options.earlier.map { Step(try Self.figures(in: $0)) } + [Step(own)]
        guard let first = steps.first, let last = steps.last, steps.count > 1 else { return }
        let text = Report.text
        report.tables.append(
            .init(
                title: "By Ticketing processes",
                columns: ["processes", "orders/s", "tickets/s", "tickets/s with drain", "CPU ms per order"],
                rows: steps.map {
                    [
                        text($0.processes), text($0.orders), text($0.tickets), text($0.ticketsWithDrain),
                        text($0.perOrder),
                    ]
                }))
        // Ten per cent is what two runs of the same differ by.
        report.add(
            "CPU per order, \(text(last.processes)) processes against \(text(first.processes))",
            last.perOrder / first.perOrder, "×", atMost: 1.1)
        let best = steps.map(\.tickets).max() ?? .nan
        let bestWithDrain = steps.map(\.ticketsWithDrain).max() ?? .nan
        report.add(
            "time to sell 5 million tickets", Self.tickets / best / 3600, "h",
            note: "5,000,000 / \(text(best)) tickets/s = \(text(Self.tickets / best)) s; reckoned, not sold")
        report.add(
            "the same with mails and webhooks", Self.tickets / bestWithDrain / 3600, "h",
            note: "5,000,000 / \(text(bestWithDrain)) tickets/s = \(text(Self.tickets / bestWithDrain)) s")
    }

    private static func figures(in file: String) throws -> [String: Double] {
        struct Document: Decodable {
            struct Figure: Decodable {
                var name: String
                var value: Double
            }
            var figures: [Figure]
        }
        let document = try JSONDecoder().decode(Document.self, from: Data(contentsOf: URL(filePath: file)))
        return Dictionary(document.figures.map { ($0.name, $0.value) }) { first, _ in first }
    }
}
