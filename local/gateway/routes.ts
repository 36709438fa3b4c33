/** A method of a resource, as the gateway matches it. */
export interface Route<Target> {
  /** Upper case, or `ANY`. */
  readonly method: string;
  /** The resource's path with its parameters in braces: `/pets/{id}`. */
  readonly resourcePath: string;
  readonly target: Target;
}

/** What a request path matched. Parameter values are as they came, percent-encoding and all. */
export interface RouteMatch<Target> {
  readonly route: Route<Target>;
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

interface Node<Target> {
  readonly methods: Map<string, Route<Target>>;
  readonly children: Map<string, Node<Target>>;
  parameter?: { readonly name: string; readonly node: Node<Target> };
  greedy?: { readonly name: string; readonly node: Node<Target> };
}

/**
 * Matches request paths to resources as a REST API does: a literal segment goes before `{parameter}`, that before
 * `{greedy+}`; a method goes before ANY. A slash at the end of the request path does not matter
 * (https://github.com/aws-powertools/powertools-lambda-python/issues/1552).
 */
export class RouteTable<Target> {
  private readonly root: Node<Target> = newNode();

  constructor(routes: Iterable<Route<Target>>) {
    for (const route of routes) this.add(route);
  }

  /**
   * @param path the path below the stage, percent-encoded as it came
   * @returns undefined when no resource has such a path or the resource has no such method; a REST API answers both the
   *   same way
   */
  match(method: string, path: string): RouteMatch<Target> | undefined {
    const segments = path.replace(/^\/+|\/+$/g, '').split('/');
    const found = this.find(this.root, segments[0] === '' ? [] : segments, 0, method);
    if (found === undefined) return undefined;
    const parameters = Object.fromEntries(found.parameters);
    return { route: found.route, pathParameters: found.parameters.length === 0 ? null : parameters };
  }

  private find(
    node: Node<Target>,
    segments: readonly string[],
    position: number,
    method: string,
  ): { route: Route<Target>; parameters: [string, string][] } | undefined {
    const segment = segments[position];
    if (segment === undefined) {
      const route = node.methods.get(method) ?? node.methods.get('ANY');
      return route === undefined ? undefined : { route, parameters: [] };
    }
    const literal = node.children.get(segment) ?? node.children.get(decoded(segment));
    if (literal !== undefined) {
      const found = this.find(literal, segments, position + 1, method);
      if (found !== undefined) return found;
    }
    if (node.parameter !== undefined && segment !== '') {
      const found = this.find(node.parameter.node, segments, position + 1, method);
      if (found !== undefined) {
        found.parameters.unshift([node.parameter.name, segment]);
        return found;
      }
    }
    if (node.greedy !== undefined) {
      const route = node.greedy.node.methods.get(method) ?? node.greedy.node.methods.get('ANY');
      const rest = segments.slice(position).join('/');
      if (route !== undefined) return { route, parameters: [[node.greedy.name, rest]] };
    }
    return undefined;
  }

  private add(route: Route<Target>): void {
    let node = this.root;
    for (const segment of route.resourcePath.split('/').filter((part) => part !== '')) {
      const [, name, plus] = /^\{([^}+]+)(\+?)\}$/.exec(segment) ?? [];
      if (name === undefined) {
        const child = node.children.get(segment) ?? newNode<Target>();
        node.children.set(segment, child);
        node = child;
      } else if (plus === '+') {
        node.greedy ??= { name, node: newNode() };
        node = node.greedy.node;
      } else {
        node.parameter ??= { name, node: newNode() };
        node = node.parameter.node;
      }
    }
    node.methods.set(route.method, route);
  }
}

function newNode<Target>(): Node<Target> {
  return { methods: new Map(), children: new Map() };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
