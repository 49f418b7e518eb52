/// A stored value that this version of the service does not know: the row was written by a newer one.
struct UnreadableColumn: Error, Equatable, CustomStringConvertible {
    let name: String
    let value: String

    var description: String { "the column \(name) holds \(value), which this version does not know" }
}
