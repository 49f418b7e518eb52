import Contracts

/// How many checkouts one gateway lets be under way at a time: as many as the platform finishes within a time that buyers
/// should wait at most (Little's law: what is under way is the throughput times the time that each takes).
///
/// The throughput is measured while buyers have to be refused: only then it is all that the platform can do.
struct AdmissionLimit: Sendable, Equatable {
    /// What an operator decides.
    struct Rules: Sendable, Equatable {
        /// How long a checkout may take from its beginning until it has settled, when the limit is reached.
        var target: Duration
        /// The limit is never lower or higher.
        var bounds: ClosedRange<Int>
    }

    /// How long finished checkouts are counted for one measurement.
    static let window = Duration.seconds(1)
    /// What is left of a measurement after a window in which less was finished.
    private static let decay = 0.7
    /// Of those who are told to come back, so many times as many as can be served come at a time.
    private static let crowding = 2.0
    /// The longest pause, in seconds, before it is spread.
    private static let longestPause = 10

    private let rules: Rules
    private var underWayOf: [OrganizationID: Int] = [:]
    private var windowBegin: Duration
    private var finished = 0
    private var ended = 0
    private var refused = 0
    private var pause = 1
    private var spread = 0
    private var throughput: Double

    /// How many checkouts may be under way.
    private(set) var limit: Int
    /// How many are.
    private(set) var underWay = 0
    /// How many were let through and have not begun yet.
    private var expected = 0

    /// - Parameter now: a monotonic clock's reading, as everywhere in this type.
    init(_ rules: Rules, at now: Duration) {
        self.rules = rules
        limit = rules.bounds.lowerBound
        throughput = Double(rules.bounds.lowerBound) / Self.seconds(rules.target)
        windowBegin = now
    }

    /// Lets a checkout through that will ``begin(of:at:)`` in a moment. Without this count, everybody who arrives between
    /// an end and the next beginning would be let through.
    /// - Returns: nil, or, when there is no room, after how many seconds to try again.
    mutating func letThrough(_ organizationID: OrganizationID, at now: Duration) -> Int? {
        adapt(at: now)
        guard hasRoom(beside: underWay + expected, for: organizationID) else { return refuse() }
        expected += 1
        return nil
    }

    /// Counts a checkout that begins.
    /// - Returns: nil, or, when there is no room, after how many seconds to try again.
    mutating func begin(of organizationID: OrganizationID, at now: Duration) -> Int? {
        adapt(at: now)
        expected = max(0, expected - 1)
        guard hasRoom(beside: underWay, for: organizationID) else { return refuse() }
        underWay += 1
        underWayOf[organizationID, default: 0] += 1
        return nil
    }

    /// Counts a checkout that is no longer under way.
    /// - Parameter hasSettled: whether the platform has finished it; otherwise it was not begun, or nobody knows.
    mutating func end(of organizationID: OrganizationID, hasSettled: Bool, at now: Duration) {
        underWay -= 1
        let left = underWayOf[organizationID, default: 1] - 1
        underWayOf[organizationID] = left > 0 ? left : nil
        ended += 1
        if hasSettled { finished += 1 }
        adapt(at: now)
    }

    /// An organisation that has few under way still finds room when others fill the limit, so that one's rush is not
    /// everybody's.
    private func hasRoom(beside count: Int, for organizationID: OrganizationID) -> Bool {
        if count < limit { return true }
        return count < limit + limit / 4 && underWayOf[organizationID, default: 0] < max(1, limit / 16)
    }

    /// Whoever is refused together does not come back together.
    private mutating func refuse() -> Int {
        refused += 1
        spread += 1
        return pause + spread % (pause + 1)
    }

    /// Takes the measure of a window that is over.
    private mutating func adapt(at now: Duration) {
        let elapsed = now - windowBegin
        guard elapsed >= Self.window else { return }
        let measured = Double(finished) / Self.seconds(elapsed)
        // With nobody refused there was less to do than can be done. A window that nobody looked at for long was idle.
        let isTelling = refused > 0 && elapsed < Self.window * 3
        throughput = max(measured, isTelling ? throughput * Self.decay : throughput)
        let wanted = min(throughput * Self.seconds(rules.target), Double(rules.bounds.upperBound))
        limit = max(rules.bounds.lowerBound, Int(wanted))
        // Those who hear at once that nothing is left do not wait for the platform.
        let crowd = Double(refused) / (Self.crowding * Double(max(1, ended)))
        pause = min(Self.longestPause, max(1, Int(min(crowd, Double(Self.longestPause)).rounded(.up))))
        (windowBegin, finished, ended, refused) = (now, 0, 0, 0)
        // Some that were let through never begin: their clients have gone.
        expected = 0
    }

    private static func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }
}
