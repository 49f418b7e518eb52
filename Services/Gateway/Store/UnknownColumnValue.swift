/// A column holds a word that this version does not know: a newer one wrote it.
struct UnknownColumnValue: Error, Equatable, CustomStringConvertible {
    let type: String
    let value: String

    var description: String { "the database holds the \(type) \(value), which this version does not know" }
}

/// The value a column's word stands for.
func known<Value: RawRepresentable<String>>(_ text: String) throws -> Value {
    guard let value = Value(rawValue: text) else {
        throw UnknownColumnValue(type: String(describing: Value.self), value: text)
    }
    return value
}
