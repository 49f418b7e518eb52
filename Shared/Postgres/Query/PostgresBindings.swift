/// The values of a query, in the order of its parameters: the first is `$1`.
struct PostgresBindings: Sendable {
    private(set) var types: [PostgresType] = []
    private(set) var values: [PostgresValue] = []
    /// The first value that could not be encoded. A string literal cannot throw, so the call that sends the query does.
    private(set) var failure: PostgresError?

    /// Adds a value.
    mutating func append<Value: PostgresEncodable>(_ value: Value) {
        types.append(Value.postgresType)
        do {
            values.append(try value.encode())
        } catch {
            values.append(.null)
            if failure == nil {
                failure = error as? PostgresError ?? .encoding("a \(Value.self) could not be encoded: \(error)")
            }
        }
    }
}
