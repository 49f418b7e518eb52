import Contracts

/// How large a run is, drawn from its seed.
struct SimulationShape: Sendable, CustomStringConvertible {
    let holdSeconds: Int
    let buyers: Int
    /// The buyers arrive within this time.
    let rush: Duration
    /// From then on nothing fails.
    let faultsLast: Duration

    static func draw(_ random: inout SeededGenerator) -> SimulationShape {
        let holdSeconds = random.number(in: 20...120)
        let rush = random.number(in: 2...40)
        return SimulationShape(
            holdSeconds: holdSeconds, buyers: random.number(in: 4...14), rush: .seconds(rush),
            faultsLast: .seconds(rush + holdSeconds + random.number(in: 5...60)))
    }

    var description: String { "\(buyers) buyers within \(rush), holds of \(holdSeconds) s, faults for \(faultsLast)" }
}
