// Apollo Client against the directory: a query, a query with a variable, a mutation, a wrong one.
import { ApolloClient, gql, HttpLink, InMemoryCache } from "@apollo/client/core/index.js";

const [uri] = process.argv.slice(2);
const client = new ApolloClient({ link: new HttpLink({ uri, fetch }), cache: new InMemoryCache() });
const results = [];
results.push((await client.query({ query: gql`{ hello }` })).data);
const user = gql`query User($id: ID!) { user(id: $id) { id name } }`;
results.push((await client.query({ query: user, variables: { id: "1" } })).data);
results.push((await client.query({ query: user, variables: { id: "nobody" } })).data);
const create = gql`mutation Create($name: String!) { createUser(name: $name) { id name } }`;
results.push((await client.mutate({ mutation: create, variables: { name: "Grace" } })).data);
try {
  await client.query({ query: gql`{ nonsense }` });
} catch (error) {
  results.push(error.message);
}
console.log(JSON.stringify(results));
process.exit(0);
