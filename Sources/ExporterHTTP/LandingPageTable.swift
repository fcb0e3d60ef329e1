extension LandingPage {
    /// A table whose rows may have notes and further tables, which are folded.
    ///
    /// ```swift
    /// LandingPage.Table(
    ///     caption: "Two cities, the warmest first.",
    ///     header: [.init("City", kind: .heading), .init("Degrees", label: "Degrees", kind: .number, key: "degrees")],
    ///     rows: [
    ///         .init(["Rome", .init("31", rank: 31)], notes: ["It is a clear day."]),
    ///         .init(["Oslo", .init("19", rank: 19)]),
    ///     ],
    ///     sort: "degrees"
    /// )
    /// ```
    package struct Table: Sendable, Hashable {
        /// What the table shows, in a sentence or two; empty for nothing.
        package let caption: String
        /// The columns.
        package let header: [Column]
        /// The rows.
        package let rows: [Row]
        /// The key of the column that orders the rows unless the visitor chooses another; nil for the order given.
        package let sort: String?

        /// A table; rows have as many cells as the header.
        package init(caption: String = "", header: [Column], rows: [Row], sort: String? = nil) {
            self.caption = caption
            self.header = header
            self.rows = rows
            self.sort = sort
        }
    }

    /// A column of a table.
    package struct Column: Sendable, Hashable, ExpressibleByStringLiteral {
        /// The kind of its cells.
        package enum Kind: Sendable, Hashable {
            /// The name of the row.
            case heading
            /// Text.
            case text
            /// Numbers.
            case number
        }

        /// The name at the top of the column.
        package let title: String
        /// The name beside each value where a window is too narrow for a table; nil where the value needs none.
        package let label: String?
        /// The kind of its cells.
        package let kind: Kind
        /// The name by which a visitor sorts by the column, as in `/?sort=name`; nil where the column cannot be sorted.
        package let key: String?
        /// The first order that a visitor sees.
        package let order: SortOrder
        /// The width, relative to that of the other columns; from 2 on also that of two values in a narrow window.
        package let width: Double

        /// A column. Numbers are sorted in descending order first, everything else in ascending order.
        package init(
            _ title: String,
            label: String? = nil,
            kind: Kind = .text,
            key: String? = nil,
            order: SortOrder? = nil,
            width: Double = 1
        ) {
            self.title = title
            self.label = label
            self.kind = kind
            self.key = key
            self.order = order ?? (kind == .number ? .descending : .ascending)
            self.width = width
        }

        /// A column of text that cannot be sorted.
        package init(stringLiteral title: String) {
            self.init(title)
        }
    }

    /// A direction of sorting; the raw values are those of the query and of `aria-sort`.
    package enum SortOrder: String, Sendable, Hashable, CaseIterable {
        /// The smallest rank first.
        case ascending
        /// The largest rank first.
        case descending
    }

    /// A row of a table.
    package struct Row: Sendable, Hashable, ExpressibleByArrayLiteral {
        /// One cell per column.
        package let cells: [Cell]
        /// Sentences below the cells, each a paragraph.
        package let notes: [String]
        /// Tables that a visitor can unfold.
        package let folds: [Fold]

        /// A row.
        package init(_ cells: [Cell], notes: [String] = [], folds: [Fold] = []) {
            self.cells = cells
            self.notes = notes
            self.folds = folds
        }

        /// A row of cells alone.
        package init(arrayLiteral cells: Cell...) {
            self.init(cells)
        }
    }

    /// A table that a visitor unfolds.
    package struct Fold: Sendable, Hashable {
        /// A short title, shown while the table is folded.
        package let summary: String
        /// The folded table.
        package let table: Table

        /// A table with its title.
        package init(_ summary: String, table: Table) {
            self.summary = summary
            self.table = table
        }
    }

    /// A cell of a table.
    package struct Cell: Sendable, Hashable, ExpressibleByStringLiteral {
        /// The style of a cell; its text has the same meaning.
        package enum Tone: String, Sendable, Hashable {
            /// Needs immediate attention.
            case alarm
            /// Needs attention.
            case warning
            /// Normal.
            case usual
            /// There is no value.
            case missing
        }

        /// The text.
        package let text: String
        /// The target of a link; nil for none.
        package let address: String?
        /// A second line in small type; empty for none.
        package let detail: String
        /// The style; nil for plain text.
        package let tone: Tone?
        /// The value to sort by; a row without a rank is last in either order.
        package let rank: Double?

        /// A cell.
        package init(
            _ text: String,
            address: String? = nil,
            detail: String = "",
            tone: Tone? = nil,
            rank: Double? = nil
        ) {
            self.text = text
            self.address = address
            self.detail = detail
            self.tone = tone
            self.rank = rank
        }

        /// A cell of plain text.
        package init(stringLiteral text: String) {
            self.init(text)
        }
    }
}
