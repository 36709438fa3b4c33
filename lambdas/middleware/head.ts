import type middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

/** HEAD is answered as GET is, errors too, without the body (RFC 9110 section 9.3.2). */
export function headWithoutBody(): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  const dropBody: middy.MiddlewareFn<APIGatewayProxyEvent, APIGatewayProxyResult> = ({ event, response }) => {
    if (event.httpMethod === 'HEAD' && response !== null && response !== undefined) response.body = '';
  };
  return { after: dropBody, onError: dropBody };
}
