import type { Alert } from '../api/alerts';

export const views = ['todo', 'mine', 'acknowledged', 'resolved', 'silenced', 'all'] as const;
export type View = (typeof views)[number];
export const families = ['water', 'month', 'air', 'discharge', 'operation', 'period', 'service'] as const;

const silenced = (alert: Alert, now: number): boolean => alert.silent_until !== null && Date.parse(alert.silent_until) > now;

/** Whether an alert belongs to a view. 待办: nobody has answered, or a deadline has passed. */
export function inView(alert: Alert, view: View, me: string, now: number): boolean {
    switch (view) {
        case 'todo':
            return (alert.state === 'open' && !silenced(alert, now)) || (alert.state === 'acknowledged' && alert.overdue.length > 0);
        case 'mine':
            return alert.state !== 'closed' && me !== '' && (alert.assignee === me || (alert.assignee === null && alert.acknowledged_by === me));
        case 'acknowledged':
            return alert.state === 'acknowledged';
        case 'resolved':
            return alert.state === 'resolved';
        case 'silenced':
            return alert.state !== 'closed' && silenced(alert, now);
        case 'all':
            return true;
    }
}
