import Postgres

/// One thing that must never be, and how to find where it is nevertheless.
struct InvariantCheck: Sendable {
    enum Severity: Sendable {
        case violation
        /// Worth a look by a human, and no broken promise.
        case warning
    }

    /// The number of the invariant in `docs/ARCHITECTURE.md`.
    let invariant: Int
    /// What holds, as a sentence.
    let name: String
    let severity: Severity
    /// Returns a line for each place where it does not hold.
    private let find: @Sendable (CheckScope) async throws -> [String]

    /// More findings than this of one kind tell nothing new.
    static let limit = 100

    init(
        _ invariant: Int, _ name: String, severity: Severity = .violation,
        find: @escaping @Sendable (CheckScope) async throws -> [String]
    ) {
        self.invariant = invariant
        self.name = name
        self.severity = severity
        self.find = find
    }

    /// A check inside one database: one statement, and so one consistent view, that returns a text for each finding.
    init(
        _ invariant: Int, _ name: String, severity: Severity = .violation, in database: OperatorEnvironment.Database,
        sql: String
    ) {
        self.init(invariant, name, severity: severity) { scope in
            try await scope.client(database).query(
                "SELECT detail FROM (\(unescaped: sql)) AS finding (detail) LIMIT \(Self.limit)"
            ).decode(String.self)
        }
    }

    /// Looks. A check that cannot be made counts as a failure: nobody knows that all is well.
    func run(in scope: CheckScope) async -> CheckOutcome {
        do {
            return CheckOutcome(check: self, result: .success(Array(try await find(scope).prefix(Self.limit))))
        } catch {
            return CheckOutcome(check: self, result: .failure(OperatorError(OperatorError.explain(error))))
        }
    }

    /// Every check, in the order of the journey: stock, orders, money and its way back, gates, deliveries, reports, sagas;
    /// then what holds everywhere.
    static let all: [InvariantCheck] = [
        stock, orders, ledger, money, refunds, orderRefunds, scans, revocations, deliveries, webhooks, reports,
        refundReports, sagas, refundSagas, cancellations, incidents, tenants, plumbing,
    ].flatMap(\.self)
}
