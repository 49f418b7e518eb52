import Foundation

extension Report {
    /// The report as a table of text.
    var text: String {
        var lines = ["", "=== \(scenario)", facts.map { $0.joined(separator: " ") }.joined(separator: ", "), ""]
        lines += Self.aligned(
            figures.map { figure in
                [
                    figure.name, Self.text(figure.value), figure.unit, figure.target ?? "",
                    figure.isMet.map { $0 ? "met" : "MISSED" } ?? "", figure.note ?? "",
                ]
            }, numbers: [1])
        for table in tables {
            lines += ["", table.title]
            lines += Self.aligned([table.columns] + table.rows, numbers: Set(1..<table.columns.count))
        }
        lines.append("")
        lines += failures.map { "FAILED: \($0)" }
        return lines.joined(separator: "\n")
    }

    /// The report for programs.
    func json() throws -> Data {
        struct Document: Encodable {
            var scenario: String
            var facts: [String: String]
            var figures: [Figure]
            var tables: [Table]
            var failures: [String]
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let facts = Dictionary(facts.map { ($0[0], $0[1]) }) { first, _ in first }
        return try encoder.encode(
            Document(scenario: scenario, facts: facts, figures: figures, tables: tables, failures: failures))
    }

    /// Rows as lines with their columns below each other; numbers to the right.
    private static func aligned(_ rows: [[String]], numbers: Set<Int>) -> [String] {
        guard let columns = rows.first?.count else { return [] }
        let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, text in
                let blanks = String(repeating: " ", count: widths[column] - text.count)
                return numbers.contains(column) ? blanks + text : text + blanks
            }
            return "  " + cells.joined(separator: "  ").replacing(#/\ +$/#, with: "")
        }
    }
}
