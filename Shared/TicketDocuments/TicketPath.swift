/// An outline of straight lines and arcs.
struct TicketPath {
    enum Segment {
        case move(x: Double, y: Double)
        case line(x: Double, y: Double)
        /// A quarter or half of a circle, after a straight line to its beginning; angles are radians, clockwise on the page
        /// when they grow.
        case arc(x: Double, y: Double, radius: Double, from: Double, to: Double)
        case close
    }

    private(set) var segments: [Segment] = []

    static func line(from start: (x: Double, y: Double), to end: (x: Double, y: Double)) -> TicketPath {
        TicketPath(segments: [.move(x: start.x, y: start.y), .line(x: end.x, y: end.y)])
    }

    static func rectangle(x: Double, y: Double, width: Double, height: Double) -> TicketPath {
        TicketPath(segments: [
            .move(x: x, y: y), .line(x: x + width, y: y), .line(x: x + width, y: y + height),
            .line(x: x, y: y + height),
            .close,
        ])
    }

    static func roundedRectangle(x: Double, y: Double, width: Double, height: Double, radius: Double) -> TicketPath {
        TicketPath(segments: [
            .arc(x: x + width - radius, y: y + radius, radius: radius, from: -.pi / 2, to: 0),
            .arc(x: x + width - radius, y: y + height - radius, radius: radius, from: 0, to: .pi / 2),
            .arc(x: x + radius, y: y + height - radius, radius: radius, from: .pi / 2, to: .pi),
            .arc(x: x + radius, y: y + radius, radius: radius, from: .pi, to: .pi * 1.5),
            .close,
        ])
    }

    /// A rounded card with a notch at either end of the line between header and body, as on a ticket that is torn off.
    static func card(
        left: Double, top: Double, right: Double, bottom: Double, seam: Double, radius: Double, notch: Double
    ) -> TicketPath {
        TicketPath(segments: [
            .arc(x: right - radius, y: top + radius, radius: radius, from: -.pi / 2, to: 0),
            .arc(x: right, y: seam, radius: notch, from: -.pi / 2, to: -.pi * 1.5),
            .arc(x: right - radius, y: bottom - radius, radius: radius, from: 0, to: .pi / 2),
            .arc(x: left + radius, y: bottom - radius, radius: radius, from: .pi / 2, to: .pi),
            .arc(x: left, y: seam, radius: notch, from: .pi / 2, to: -.pi / 2),
            .arc(x: left + radius, y: top + radius, radius: radius, from: .pi, to: .pi * 1.5),
            .close,
        ])
    }
}
