import ArgumentParser
import Foundation

/// Measures the parts that matter, as ratios; exit 1 when one is beyond its limit.
@main
struct Micro: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure encoding, ticket codes, saga steps and batches, each against something of the same run.")

    @Option(help: "A database in which a table may be made.")
    var database: String

    func run() async throws {
        let ratios = try Messages.measure() + Sagas.measure() + (await Batches.measure(database))
        let width = ratios.map(\.name.count).max() ?? 0
        for ratio in ratios {
            let name = ratio.name.padding(toLength: width, withPad: " ", startingAt: 0)
            print(
                "  \(name)  \(Self.text(ratio.value)) × \(ratio.unit), at most \(Self.text(ratio.limit))"
                    + "  (\(Self.text(ratio.microseconds)) µs)\(ratio.isWithin ? "" : "  FAILED")")
        }
        guard ratios.allSatisfy(\.isWithin) else { throw ExitCode(1) }
    }

    private static func text(_ value: Double) -> String {
        value.formatted(.number.precision(.significantDigits(1...3)).locale(Locale(identifier: "en_US")))
    }
}
