/// How many tickets buyers want: the orders of a real sale, one to five tickets each.
enum OrderSizes {
    /// How many orders wanted so many tickets, from one ticket on.
    static let weights = [496, 586, 267, 163, 205]
    private static let total = weights.reduce(0, +)

    /// Tickets per order on average.
    static let mean = Double(weights.enumerated().reduce(0) { $0 + ($1.offset + 1) * $1.element }) / Double(total)

    static func draw(_ generator: inout SeededGenerator) -> Int {
        var rest = Int.random(in: 0..<total, using: &generator)
        for (index, weight) in weights.enumerated() {
            if rest < weight { return index + 1 }
            rest -= weight
        }
        return weights.count
    }
}
