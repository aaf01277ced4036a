"""Tells a program from a word or a sentence that happens to parse. Shares its names with runner.py."""

import ast
import builtins


def is_program(text):
    """Whether the text is a Python program, and not a word or a sentence that happens to parse."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    try:
        return any(says_something(statement, text) for statement in tree.body)
    except RecursionError:
        return True


def says_something(statement, text):
    match statement:
        case ast.Expr(value):
            return computes(value, text)
        case ast.Pass() | ast.Break() | ast.Continue() | ast.Global() | ast.Nonlocal():
            return False
        case ast.Assert(test=value) | ast.Return(value=value):
            return value is not None and computes(value, text)
        case ast.Raise(exc=value):
            return value is not None and (known(value) or computes(value, text))
        case ast.Delete(targets):
            return all(known(target) for target in targets)
        case ast.AnnAssign(value=None, annotation=annotation):
            return known(annotation)
    return True


def computes(node, text):
    """Whether an expression does more than put words beside each other. Words that are variables count."""
    match node:
        case ast.Constant():
            return False
        case ast.Name():
            return node.id in main.__dict__
        case ast.Call(func=ast.Name() as function) if not known(function):
            # "Revenue (sales)" is prose; a call is written without the space.
            between = ast.get_source_segment(text, function)
            rest = text[text.find(between) + len(between):] if between else ''
            return not rest.startswith(' ')
        case ast.Attribute(value):
            return computes(value, text)
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts):
            return any_computes(parts, text)
        case ast.UnaryOp(operand=operand):
            return computes(operand, text)
        case ast.BinOp(left=left, right=right):
            parts = list(ast.walk(node))
            if ' ' not in (ast.get_source_segment(text, node) or '') and not all(map(known, parts)):
                # "covid-19", "profit/loss"
                return False
            return any(isinstance(part, ast.Constant) for part in parts) or any_computes([left, right], text)
        case ast.Compare(left=left, comparators=others):
            parts = [left, *others]
            return any(isinstance(part, ast.Constant) for part in parts) or any_computes(parts, text)
        case ast.Starred(value) | ast.Await(value) | ast.Yield(value) | ast.YieldFrom(value):
            return value is not None and computes(value, text)
    return True


def any_computes(parts, text):
    return any(computes(part, text) for part in parts)


def known(node):
    """Whether a name exists: a variable of the user's, or one that Python brings along."""
    if isinstance(node, ast.Attribute):
        return known(node.value)
    if isinstance(node, ast.Name):
        return node.id in main.__dict__ or hasattr(builtins, node.id)
    return True
