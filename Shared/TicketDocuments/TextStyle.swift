/// How a piece of text looks and how small it may get before it is cut short.
struct TextStyle: Hashable {
    enum Face {
        case sans
        case monospace
    }

    /// Leading means the left edge for every script: in a form, values line up under their labels.
    enum Alignment {
        case leading
        case center
        case trailing
        /// Each paragraph at its own script's starting edge.
        case natural
    }

    var face: Face = .sans
    var size: Double
    var minimumSize: Double
    var isBold = false
    var color: TicketColor = .ink
    var alignment: Alignment = .leading
    /// Extra space between letters in points.
    var tracking: Double = 0

    static func label(scale: Double) -> TextStyle {
        TextStyle(size: 7.5 * scale, minimumSize: 5, isBold: true, color: .muted, tracking: 0.45 * scale)
    }

    static func value(_ size: Double, scale: Double, isBold: Bool = true, color: TicketColor = .ink) -> TextStyle {
        TextStyle(size: size * scale, minimumSize: min(size, 8) * scale, isBold: isBold, color: color)
    }
}
