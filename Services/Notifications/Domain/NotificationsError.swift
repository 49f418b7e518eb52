/// What is wrong with this service's own rows or settings, never with what somebody asked.
enum NotificationsError: Error, Equatable, CustomStringConvertible {
    /// A column holds what no version of this service writes.
    case unreadableValue(table: String, column: String)
    /// A built-in template is not Mustache.
    case invalidTemplate(String)

    var description: String {
        switch self {
        case .unreadableValue(let table, let column): "\(table).\(column) holds a value that is not known"
        case .invalidTemplate(let reason): "a template is not valid Mustache: \(reason)"
        }
    }
}
