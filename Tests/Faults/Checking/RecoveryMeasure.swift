/// How a fault was survived, measured at the checkouts of buyers whose payment succeeds at once.
struct RecoveryMeasure: Codable, Sendable, Equatable {
    /// A checkout that completed, in seconds after the load began.
    struct Completion: Sendable, Equatable {
        var begunAt: Double
        var completedAt: Double
    }

    /// From the reference (the fault's beginning or end, as its kind says) until the first checkout that was begun
    /// after it completes; nil when none did before the campaign ended.
    var seconds: Double?
    /// The longest time without any completion between the fault's beginning and the next fault.
    var longestGap: Double

    /// - Parameters:
    ///   - completions: all of the campaign, in any order.
    ///   - reference: when the recovery counts from.
    ///   - beginning: when the fault began.
    ///   - next: when the next fault began, or the load ended.
    init(completions: [Completion], reference: Double, beginning: Double, next: Double) {
        seconds = completions.filter { $0.begunAt >= reference }.map(\.completedAt).min().map { $0 - reference }
        let times = completions.map(\.completedAt).filter { $0 > beginning && $0 < next }.sorted()
        let before = completions.map(\.completedAt).filter { $0 <= beginning }.max() ?? beginning
        longestGap = zip([before] + times, times + [max(next, times.last ?? next)]).map { $1 - $0 }.max() ?? 0
    }
}
