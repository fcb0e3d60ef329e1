import Yams

extension ConfigurationError {
    /// A complaint of the YAML parser, in the words of this program.
    init(yamlError: YamlError, file: String) {
        switch yamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(file: file, line: mark.line, key: "", problem: "not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map { "\($0)" }.sorted().joined(separator: ", ")
            self.init(file: file, line: context.mark.line, key: "", problem: "key given twice: \(keys)")
        default:
            self.init(file: file, line: nil, key: "", problem: "not valid YAML: \(yamlError)")
        }
    }
}
