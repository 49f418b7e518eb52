import CPango
import Foundation

/// The ticket itself: a coloured header with the event, below it the details on the left and the code on the right.
///
/// It is laid out in full before anything is drawn, so that a page can try it smaller when names are long.
struct TicketCard {
    /// Side of the square that holds the symbol and its quiet zone. Keeps even the smallest symbol above 45 mm.
    static let symbolSide = 180.0

    let height: Double

    private let canvas: PDFCanvas
    private let accent: TicketColor
    private let origin: (x: Double, y: Double)
    private let width: Double
    private let headerHeight: Double
    private let columns: [TextColumn]
    private let counterfoilTop: Double
    private let confirmationRange: Range<Double>
    private let matrix: QRMatrix

    private static let padding = 28.0
    /// The part on the right with the code, which the notches set off.
    private static let counterfoilWidth = symbolSide + 32
    private static let cornerRadius = 14.0
    private static let notchRadius = 9.0

    /// - Parameter scale: 1 for the intended look; smaller values shrink all text and its allowance.
    init(
        _ face: TicketFace, of sheet: TicketSheet, number: Int, matrix: QRMatrix, origin: (x: Double, y: Double),
        width: Double, scale: Double, canvas: PDFCanvas
    ) {
        let header = Self.header(sheet, number: number, origin: origin, width: width, scale: scale, canvas: canvas)
        let headerHeight = header.bottom - origin.y + 30 * scale
        let bodyTop = origin.y + headerHeight
        let details = Self.details(
            face, sheet, x: origin.x + Self.padding, top: bodyTop + 30 * scale,
            width: width - Self.counterfoilWidth - Self.padding - 22, scale: scale, canvas: canvas)

        var confirmation = Self.confirmation(
            face, sheet, x: origin.x + width - Self.counterfoilWidth + 20, canvas: canvas)
        let counterfoilHeight = Self.symbolSide + 10 + confirmation.bottom + 10
        let bodyHeight = max(details.bottom + 30 * scale - bodyTop, counterfoilHeight + 40)
        let counterfoilTop = bodyTop + (bodyHeight - counterfoilHeight) / 2
        let confirmationTop = counterfoilTop + Self.symbolSide + 10
        confirmation.move(down: confirmationTop)

        self.canvas = canvas
        self.accent = sheet.accent
        self.origin = origin
        self.width = width
        self.headerHeight = headerHeight
        self.columns = [header, details, confirmation]
        self.counterfoilTop = counterfoilTop
        self.confirmationRange = confirmationTop..<(confirmation.bottom + 10)
        self.matrix = matrix
        self.height = headerHeight + bodyHeight
    }

    func draw() throws(TicketDocumentError) {
        drawOutline()
        let counterfoilX = origin.x + width - Self.counterfoilWidth
        try canvas.drawSymbol(matrix, x: counterfoilX + 16, y: counterfoilTop, side: Self.symbolSide)
        canvas.fillRoundedRectangle(
            x: counterfoilX + 16, y: confirmationRange.lowerBound, width: Self.symbolSide,
            height: confirmationRange.upperBound - confirmationRange.lowerBound, radius: 8, color: .tint)
        for column in columns { column.draw() }
    }

    /// Laid out from the top of the page; moved once the height of the card is known.
    private static func confirmation(
        _ face: TicketFace, _ sheet: TicketSheet, x: Double, canvas: PDFCanvas
    ) -> TextColumn {
        var column = TextColumn(x: x, top: 10, width: counterfoilWidth - 40, canvas: canvas)
        var label = TextStyle.label(scale: 1)
        label.alignment = .center
        column.add(sheet.wording.confirmationCode.uppercased(), label, maximumHeight: 20)
        column.add(
            face.confirmationCode,
            TextStyle(face: .monospace, size: 22, minimumSize: 8, isBold: true, alignment: .center),
            maximumHeight: 30, spaceBefore: 4)
        return column
    }

    private static func header(
        _ sheet: TicketSheet, number: Int, origin: (x: Double, y: Double), width: Double, scale: Double,
        canvas: PDFCanvas
    ) -> TextColumn {
        let color = sheet.accent.textColor
        let soft = color.mixed(with: sheet.accent, share: 0.22)
        let innerWidth = width - 2 * padding
        let x = origin.x + padding
        let top = origin.y + 28 * scale
        var organizer = TextColumn(x: x, top: top, width: innerWidth - 150, canvas: canvas)
        organizer.add(
            sheet.organizerName, .value(11, scale: scale, color: soft), maximumHeight: 30 * scale)
        var count = TextColumn(x: x + innerWidth - 140, top: top + 2 * scale, width: 140, canvas: canvas)
        var label = TextStyle.label(scale: scale)
        label.color = soft
        label.alignment = .trailing
        let ticketOfCount = TicketWording.fill(
            sheet.wording.ticketOfCount, number: number, count: sheet.tickets.count)
        count.add(ticketOfCount.uppercased(), label, maximumHeight: 24 * scale)

        var column = TextColumn(x: x, top: top, width: innerWidth, canvas: canvas)
        column.add([organizer, count])
        column.addSpace(24 * scale)
        column.add(
            sheet.eventName, TextStyle(size: 33 * scale, minimumSize: 13 * scale, isBold: true, color: color),
            maximumHeight: 124 * scale)
        column.add(
            sheet.occurrenceName, .value(15, scale: scale, isBold: false, color: soft), maximumHeight: 40 * scale,
            spaceBefore: 9 * scale)
        return column
    }

    private static func details(
        _ face: TicketFace, _ sheet: TicketSheet, x: Double, top: Double, width: Double, scale: Double,
        canvas: PDFCanvas
    ) -> TextColumn {
        let wording = sheet.wording
        let field: (inout TextColumn, String, String, Double, Double) -> Void = { column, label, value, size, limit in
            column.add(label.uppercased(), .label(scale: scale), maximumHeight: 14 * scale)
            column.add(value, .value(size, scale: scale), maximumHeight: limit * scale, spaceBefore: 4 * scale)
        }
        let small = TextStyle.value(10.5, scale: scale, isBold: false, color: .muted)
        var column = TextColumn(x: x, top: top, width: width, canvas: canvas)

        field(&column, wording.when, sheet.startsAt, 14, 52)
        column.add(
            sheet.endsAt.map { "\(wording.until) \($0)" }, small, maximumHeight: 28 * scale, spaceBefore: 4 * scale)
        column.add(sheet.timezone, small, maximumHeight: 15 * scale, spaceBefore: 2 * scale)
        column.addSpace(22 * scale)

        field(&column, wording.place, sheet.venueName, 14, 52)
        column.add(sheet.venueAddress, small, maximumHeight: 56 * scale, spaceBefore: 4 * scale)
        column.addSpace(22 * scale)

        field(&column, wording.holder, face.holderName, 18, 64)
        column.addSpace(22 * scale)

        let gap = 16.0
        let wide = (width - gap) * 0.53
        let rows = [
            ((wording.ticketType, face.ticketTypeName), (wording.price, face.priceText), 13.0, 50.0),
            ((wording.order, sheet.orderCode), (wording.buyer, sheet.buyerName), 10.5, 38.0),
        ]
        for (index, (left, right, size, limit)) in rows.enumerated() {
            if index > 0 { column.addSpace(19 * scale) }
            var leftColumn = TextColumn(x: x, top: column.bottom, width: wide, canvas: canvas)
            field(&leftColumn, left.0, left.1, size, limit)
            var rightColumn = TextColumn(
                x: x + wide + gap, top: column.bottom, width: width - gap - wide, canvas: canvas)
            field(&rightColumn, right.0, right.1, size, limit)
            column.add([leftColumn, rightColumn])
        }
        return column
    }

    /// A rounded card with a notch at either end of the line between header and body, as on a ticket that is torn off.
    private func drawOutline() {
        let context = canvas.context
        let (left, top) = origin
        let (right, bottom) = (left + width, top + height)
        let seam = top + headerHeight
        let (radius, notch) = (Self.cornerRadius, Self.notchRadius)
        cairo_new_path(context)
        cairo_arc(context, right - radius, top + radius, radius, -.pi / 2, 0)
        cairo_arc_negative(context, right, seam, notch, -.pi / 2, .pi / 2)
        cairo_arc(context, right - radius, bottom - radius, radius, 0, .pi / 2)
        cairo_arc(context, left + radius, bottom - radius, radius, .pi / 2, .pi)
        cairo_arc_negative(context, left, seam, notch, .pi / 2, -.pi / 2)
        cairo_arc(context, left + radius, top + radius, radius, .pi, .pi * 1.5)
        cairo_close_path(context)

        cairo_save(context)
        cairo_clip_preserve(context)
        let outline = cairo_copy_path(context)
        cairo_new_path(context)
        let gradient = cairo_pattern_create_linear(left, top, right, seam)
        let end = accent.mixed(with: accent.textColor, share: 0.14)
        cairo_pattern_add_color_stop_rgb(gradient, 0, accent.red, accent.green, accent.blue)
        cairo_pattern_add_color_stop_rgb(gradient, 1, end.red, end.green, end.blue)
        cairo_set_source(context, gradient)
        cairo_rectangle(context, left, top, width, headerHeight)
        cairo_fill(context)
        cairo_pattern_destroy(gradient)
        cairo_restore(context)

        cairo_new_path(context)
        cairo_append_path(context, outline)
        cairo_path_destroy(outline)
        canvas.setColor(.hairline)
        cairo_set_line_width(context, 0.8)
        cairo_stroke(context)

        let counterfoilX = right - Self.counterfoilWidth
        canvas.strokeLine(
            from: (counterfoilX, seam + 18), to: (counterfoilX, bottom - 18), color: .hairline, width: 1,
            dashes: [2.5, 4])
    }
}
