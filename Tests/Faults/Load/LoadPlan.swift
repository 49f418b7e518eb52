/// Which operation begins when: drawn from the seed alone.
struct LoadPlan: Sendable, Equatable {
    struct Operation: Sendable, Equatable {
        var id: Int
        /// Seconds after the load began.
        var at: Double
        var kind: OperationKind
        var token: String?
        var quantity: Int
        /// Whether the client sends its creating request once more after it was answered.
        var repeats: Bool
        /// Whether a refund is of an amount instead of the whole order.
        var isPartial: Bool
        var isForCanceledOccurrence: Bool
    }

    /// What can be asked of this platform beside checkouts and scans.
    struct Abilities: Sendable, Equatable {
        var refunds = false
        var cancellations = false
    }

    var operations: [Operation]

    /// The tokens with their weights: most payments simply succeed.
    private static let tokens = [
        ("tok_ok", 72), ("tok_lost", 7), ("tok_async", 7), ("tok_unavailable", 7), ("tok_declined", 7),
    ]

    /// - Parameters:
    ///   - rate: operations a second.
    ///   - seconds: how long operations are begun.
    init(seed: UInt64, rate: Double, seconds: Int, abilities: Abilities) {
        var generator = SeededGenerator(seed: seed, purpose: "load")
        let count = Int(rate * Double(seconds))
        operations = (0..<count).map { id in
            Self.operation(id, at: Double(id) / rate, seconds, abilities, using: &generator)
        }
        if abilities.cancellations {
            operations.append(
                Operation(
                    id: count, at: Double(seconds) / 2, kind: .cancellation, quantity: 1, repeats: true,
                    isPartial: false,
                    isForCanceledOccurrence: true))
        }
    }

    private static func operation(
        _ id: Int, at time: Double, _ seconds: Int, _ abilities: Abilities, using generator: inout SeededGenerator
    ) -> Operation {
        var operation = Operation(
            id: id, at: time, kind: .checkout, quantity: Int.random(in: 1...3, using: &generator),
            repeats: Int.random(in: 0..<5, using: &generator) == 0,
            isPartial: Bool.random(using: &generator),
            isForCanceledOccurrence: false)
        let token = Self.token(using: &generator)
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<8: operation.kind = .cancel
        case 8..<22: operation.kind = .visit
        case 22..<30 where abilities.refunds: operation.kind = .refund
        case 30..<42 where abilities.cancellations && time < Double(seconds) * 0.6:
            operation.isForCanceledOccurrence = true
            operation.token = token
        default: operation.token = token
        }
        return operation
    }

    private static func token(using generator: inout SeededGenerator) -> String {
        var draw = Int.random(in: 0..<tokens.map(\.1).reduce(0, +), using: &generator)
        for (token, weight) in tokens {
            if draw < weight { return token }
            draw -= weight
        }
        return tokens[0].0
    }
}
