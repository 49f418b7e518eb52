import CPostgres

/// The owner of one libpq result, which it frees at the end.
///
/// Unchecked because of the pointer: a `PGresult` is never changed after libpq has handed it over, and may then be read by
/// several threads (PostgreSQL manual, "Behavior in Threaded Programs").
final class PostgresResult: @unchecked Sendable {
    let pointer: OpaquePointer
    let rowCount: Int
    let columnCount: Int

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
        rowCount = Int(PQntuples(pointer))
        columnCount = Int(PQnfields(pointer))
    }

    deinit {
        PQclear(pointer)
    }

    var status: ExecStatusType { PQresultStatus(pointer) }

    /// The command and its count, such as `UPDATE 3`.
    var commandTag: String { String(cString: PQcmdStatus(pointer)) }

    var affectedRows: Int { Int(String(cString: PQcmdTuples(pointer))) ?? 0 }

    func columnName(_ column: Int) -> String {
        guard let name = PQfname(pointer, Int32(column)) else { return "" }
        return String(cString: name)
    }

    /// The number of the first column with exactly this name.
    func column(named name: String) -> Int? {
        (0..<columnCount).first { columnName($0) == name }
    }

    func type(ofColumn column: Int) -> PostgresType {
        PostgresType(rawValue: PQftype(pointer, Int32(column)))
    }

    func cell(row: Int, column: Int) -> PostgresCell {
        let row = Int32(row)
        let number = Int32(column)
        var region: UnsafeRawBufferPointer?
        if PQgetisnull(pointer, row, number) == 0 {
            region = UnsafeRawBufferPointer(
                start: PQgetvalue(pointer, row, number), count: Int(PQgetlength(pointer, row, number)))
        }
        return PostgresCell(result: self, columnIndex: column, type: type(ofColumn: column), region: region)
    }

    /// A field of an error report, by its letter (`PG_DIAG_…` in `postgres_ext.h`).
    func field(_ letter: Unicode.Scalar) -> String? {
        guard let text = PQresultErrorField(pointer, Int32(letter.value)) else { return nil }
        return String(cString: text)
    }
}
