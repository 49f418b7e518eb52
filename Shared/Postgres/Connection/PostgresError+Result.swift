import Foundation

extension PostgresError {
    /// Reads the server's, or libpq's own, report of an error.
    init(_ result: PostgresResult) {
        let sqlState = result.field("C")
        let words = result.field("M") ?? "the connection ended"
        // The severity in English whatever the server's language. After FATAL and PANIC the server hangs up; without a code
        // the report is libpq's own, about the connection.
        let ended = sqlState == nil || ["FATAL", "PANIC"].contains(result.field("V"))
        let code: Code = ended ? .connectionLost : sqlState == "57014" ? .cancelled : .server
        self.init(code, words.trimmingCharacters(in: .whitespacesAndNewlines), sqlState: sqlState)
        detail = result.field("D")
        hint = result.field("H")
        table = result.field("t")
        column = result.field("c")
        constraint = result.field("n")
        // "cached plan must not change result type", and a statement that somebody else deallocated.
        isStalePlan = sqlState == "26000" || (sqlState == "0A000" && result.field("R") == "RevalidateCachedQuery")
    }
}
