import Testing

@testable import Postgres

@Suite("Errors")
struct PostgresErrorTests {
    @Test(
        "Failures that leave nothing behind may be retried",
        arguments: ["40001", "40P01", "55P03", "57P01", "57P02", "57P03", "53300", "08006"])
    func transient(sqlState: String) {
        #expect(PostgresError(.server, "", sqlState: sqlState).isRetriable)
    }

    @Test("Refusals stay refusals", arguments: ["23505", "42501", "22P02", "0A000", "57014"])
    func permanent(sqlState: String) {
        #expect(!PostgresError(.server, "", sqlState: sqlState).isRetriable)
    }

    @Test("An unknown outcome is not retriable by itself, whatever the server said last")
    func unknownOutcome() {
        #expect(!PostgresError(.commitOutcomeUnknown, "", sqlState: "57P01").isRetriable)
        #expect(PostgresError(.connectionLost, "").isRetriable)
        #expect(PostgresError(.poolTimeout, "").isRetriable)
        #expect(!PostgresError(.decoding, "").isRetriable)
    }

    @Test("The description has only what the schema has; the debug description has the rest")
    func redaction() {
        var error = PostgresError(.server, "value hunter2 is wrong", sqlState: "22023").located("Shop/Order.swift", 7)
        error.detail = "Key (email)=(a@b.example) exists"
        error.hint = "do not"
        error.constraint = "orders_email_key"
        #expect(
            error.description == "PostgresError(code: server, sqlState: 22023, constraint: orders_email_key)")
        #expect(
            String(reflecting: error)
                == "\(error); value hunter2 is wrong; detail: Key (email)=(a@b.example) exists; hint: do not; "
                + "at Shop/Order.swift:7")
    }
}
