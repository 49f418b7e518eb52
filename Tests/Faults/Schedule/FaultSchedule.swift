/// Which faults happen when: drawn from the seed alone, so that a campaign can be repeated.
struct FaultSchedule: Codable, Sendable, Equatable {
    /// The load runs undisturbed for so many seconds first.
    static let warmUp = 6

    var faults: [PlannedFault]
    /// How many seconds the load lasts.
    var seconds: Int

    /// Rounds of all kinds in a random order, until the time is over. A killed service is so quick that every one has
    /// its turn in each round; the frozen one is another in each round.
    ///
    /// - Parameters:
    ///   - kinds: at least one.
    ///   - services: the names of the services, for the kinds that strike one.
    ///   - seconds: how long the load is to last; as long as the first fault needs, if that is longer.
    init(kinds: [FaultKind], services: [String], seed: UInt64, seconds: Int) {
        precondition(!kinds.isEmpty, "a campaign without faults proves nothing")
        var generator = SeededGenerator(seed: seed, purpose: "schedule")
        let frozen = services.shuffled(using: &generator)
        var round = 0
        var at = Self.warmUp
        faults = []
        while true {
            let drawn = Self.round(kinds, services, frozen: frozen.isEmpty ? nil : frozen[round % frozen.count])
            for (kind, service) in drawn.shuffled(using: &generator) {
                let choice = Int.random(in: 0..<720_720, using: &generator)
                let end = at + kind.seconds + kind.rest
                guard end <= seconds || faults.isEmpty else {
                    self.seconds = seconds
                    return
                }
                faults.append(PlannedFault(at: at, kind: kind, service: service, choice: choice))
                at = end
            }
            round += 1
            guard at < seconds else {
                self.seconds = max(at, seconds)
                return
            }
        }
    }

    private static func round(
        _ kinds: [FaultKind], _ services: [String], frozen: String?
    ) -> [(FaultKind, String?)] {
        kinds.flatMap { kind -> [(FaultKind, String?)] in
            switch kind {
            case .serviceKill: services.map { (kind, $0) }
            case .serviceFreeze: frozen.map { [(kind, $0)] } ?? []
            default: [(kind, nil)]
            }
        }
    }
}
